import type { OpenAI } from 'openai';
import { Stream } from 'openai/streaming';

/**
 * The pieces of an answer. A server that can't stream, or a proxy before it, sends the whole in one piece though it was asked
 * otherwise. The client is there for its level of logging: without it, what can't be read is written to the console.
 */
export async function* chunksOf(response: Response, client: OpenAI): AsyncIterable<unknown> {
  if (response.headers.get('content-type')?.includes('application/json') === true) {
    const whole: unknown = JSON.parse(await response.text());
    yield whole;
    return;
  }
  yield* Stream.fromSSEResponse<unknown>(response, new AbortController(), client);
}
