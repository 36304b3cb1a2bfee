import process from 'node:process';
import { Writable } from 'node:stream';

/**
 * Takes stdout for the protocol: the returned stream is the only way to it, and whatever else this process prints
 * there (a dependency's console.log) goes to stderr. One stray line would break the client's parser.
 */
export function claimStdout(): Writable {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  const wire = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      write(chunk, done);
    },
  });
  // A client that went away shows as EPIPE here; without a listener the event would end the process.
  stdout.on('error', (error: Error) => wire.destroy(error));
  return wire;
}
