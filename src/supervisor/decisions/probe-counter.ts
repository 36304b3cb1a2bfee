/** Answers of a probe in a row. */
export interface ProbeCounter {
  readonly hasPassed: boolean;
  readonly streak: number;
}

export interface Thresholds {
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export const NO_ANSWERS: ProbeCounter = { hasPassed: false, streak: 0 };

/** Counts an answer; a verdict is given once, when as many in a row as the threshold asks for agree. */
export function countAnswer(
  counter: ProbeCounter,
  hasPassed: boolean,
  { successThreshold, failureThreshold }: Thresholds,
): { readonly counter: ProbeCounter; readonly verdict: 'passed' | 'failed' | undefined } {
  const streak = counter.hasPassed === hasPassed ? counter.streak + 1 : 1;
  const isDecided = streak === (hasPassed ? successThreshold : failureThreshold);
  const verdict = hasPassed ? 'passed' : 'failed';
  return { counter: { hasPassed, streak }, verdict: isDecided ? verdict : undefined };
}
