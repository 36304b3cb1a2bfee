import type { Run } from '../../runs/index.ts';

/** What has happened to a followed run since it was looked at last, in lines for a person. */
export function newsOf(before: Run | undefined, run: Run): readonly string[] {
  const first = before === undefined ? [`${run.title} (${run.runId})`] : [];
  return [...first, ...attemptNews(before, run), ...statusNews(before, run)];
}

function attemptNews(before: Run | undefined, run: Run): readonly string[] {
  if (before === undefined ? run.attempt < 2 : run.attempt === before.attempt) return [];
  return run.attempt < 2 ? [] : [`attempt ${run.attempt}`];
}

function statusNews(before: Run | undefined, run: Run): readonly string[] {
  const isNew = run.status !== before?.status || keysOf(run) !== keysOf(before);
  if (!isNew) return [];
  switch (run.status) {
    case 'waiting_approval':
      return question(run);
    case 'waiting_input':
      return questions(run);
    case 'paused':
      return [`paused; go on with: lightdom runs resume ${run.runId}`];
    case 'pending':
      return before === undefined ? ['waits for a worker'] : ['waits for a worker again'];
    case 'running':
      return before === undefined || before.status === 'pending' ? [] : ['runs again'];
    case 'completed':
    case 'failed':
    case 'cancelled':
      return [];
  }
}

function question({ runId, approval = 'no question is given' }: Run): readonly string[] {
  return [
    `waits for approval: ${approval}`,
    `  yes: lightdom runs approve ${runId}`,
    `  no:  lightdom runs reject ${runId} --reason TEXT`,
  ];
}

/** What is asked again has another key. */
function keysOf(run: Run | undefined): string {
  return Object.keys(run?.questions ?? {}).join(' ');
}

function questions({ runId, questions: asked = {} }: Run): readonly string[] {
  const keys = Object.keys(asked);
  const answers = Object.fromEntries(keys.map((key) => [key, { action: 'accept', content: {} }]));
  return [
    'waits for answers:',
    ...Object.entries(asked).map(([key, { message }]) => `  ${key}: ${message}`),
    `  answer: lightdom call run_answer '${JSON.stringify({ runId, answers })}'`,
    `  what fits: lightdom runs show ${runId}`,
  ];
}
