/** What the compiler's client sends its questions through; it is not part of the client's types. */
export interface QuestionChannel {
  requestSync(method: string, payload: string): string;
  writeTuple(type: number, name: Uint8Array, payload: string | Uint8Array): void;
}

/** The channel's number for a message that is a question. */
const REQUEST = 1;
const MOST_AT_ONCE = 64;
/** Less than a pipe holds: all must be written before an answer is read. Questions name files, with paths of any length. */
const MOST_CHARACTERS = 32_768;

interface Request {
  readonly method: string;
  readonly payload: string;
}

/**
 * Sends several questions before it waits for the first answer: the two processes take longer to wake each other than a
 * plain question to be answered.
 */
export class NativePipeline {
  readonly #request: QuestionChannel['requestSync'];
  readonly #write: QuestionChannel['writeTuple'];
  /** Where questions are written down in place of being asked. */
  #noted: Request[] | undefined;
  /** Questions that have been sent and not been answered. */
  #sent = 0;

  constructor(channel: QuestionChannel) {
    this.#request = channel.requestSync.bind(channel);
    this.#write = channel.writeTuple.bind(channel);
    channel.requestSync = (method, payload) => {
      if (this.#noted === undefined) return this.#request(method, payload);
      this.#noted.push({ method, payload });
      return '';
    };
    channel.writeTuple = (type, name, payload) => {
      if (type !== REQUEST || this.#sent === 0) this.#write(type, name, payload);
      else this.#sent -= 1;
    };
  }

  /**
   * Answers in the order of the questions. Each question is called twice, first to hear what it sends: it sends one request,
   * for which the compiler reads no file, and takes it that there may be no answer. Throws as the first of them that fails.
   */
  all<T>(questions: readonly (() => T)[]): T[] {
    const answers: T[] = [];
    for (let from = 0; from < questions.length; from += MOST_AT_ONCE) {
      answers.push(...this.#allOf(questions.slice(from, from + MOST_AT_ONCE)));
    }
    return answers;
  }

  #allOf<T>(questions: readonly (() => T)[]): T[] {
    if (questions.length === 1) return questions.map((question) => question());
    const requests = this.#notesOf(questions);
    if (lengthOf(requests) > MOST_CHARACTERS) return questions.map((question) => question());
    for (const { method, payload } of requests) this.#write(REQUEST, Buffer.from(method), payload);
    this.#sent = requests.length;
    try {
      return questions.map((question) => question());
    } finally {
      this.#discard(requests);
    }
  }

  #notesOf(questions: readonly (() => unknown)[]): readonly Request[] {
    const noted: Request[] = [];
    this.#noted = noted;
    try {
      for (const question of questions) question();
    } finally {
      this.#noted = undefined;
    }
    return noted;
  }

  /** Reads what is left after a failure: the next question would take it for its own answer. */
  #discard(requests: readonly Request[]): void {
    for (const { method, payload } of requests.slice(requests.length - this.#sent)) {
      try {
        this.#request(method, payload);
      } catch {
        // The failure that came first is the one that is told.
      }
    }
    this.#sent = 0;
  }
}

function lengthOf(requests: readonly Request[]): number {
  return requests.reduce((sum, { method, payload }) => sum + method.length + payload.length, 0);
}
