import { expect, test } from 'vitest';
import { readFailure } from '../../../src/graph/discovery/read-failure.ts';

test.each([
  ['EACCES', "can't be read: permission denied (EACCES)"],
  ['EPERM', "can't be read: permission denied (EPERM)"],
  ['ENOENT', "can't be read: it no longer exists or is a dangling link (ENOENT)"],
  ['EISDIR', "can't be read: the system refused (EISDIR)"],
])('%s reads as words', (code, text) => {
  expect(readFailure(Object.assign(new Error('raw'), { code }))).toBe(text);
});

test('what has no code keeps its message', () => {
  expect(readFailure(new Error('odd'))).toBe("can't be read: odd");
});
