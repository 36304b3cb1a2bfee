import { describe, expect, test } from 'vitest';
import { describeError } from '../../src/core/errors.ts';
import { repositoryOfRemote, webHostOf } from '../../src/github/remote-url.ts';
import { refusalOf } from '../support/refusal-of.ts';

const GITHUB = 'https://api.github.com';
const ENTERPRISE = 'https://ghe.example/api/v3';

describe('the repository of a remote', () => {
  test.each([
    'https://github.com/acme/web.git',
    'https://github.com/acme/web',
    'https://github.com/acme/web/',
    'https://ada:ghp_secret@github.com/acme/web.git',
    'git@github.com:acme/web.git',
    'github.com:acme/web',
    'git@GitHub.com:/acme/web.git',
    'ssh://git@github.com/acme/web.git',
    'ssh://git@ssh.github.com:443/acme/web.git',
    'git+ssh://git@github.com/acme/web.git',
    'git://github.com/acme/web.git',
  ])('is seen in %s', (remote) => {
    expect(repositoryOfRemote(remote, GITHUB)).toEqual({ owner: 'acme', name: 'web' });
  });

  test('keeps dots in its name', () => {
    expect(repositoryOfRemote('git@github.com:acme/acme.github.io.git', GITHUB)).toEqual({
      owner: 'acme',
      name: 'acme.github.io',
    });
  });

  test('is at the host of the API, wherever that is', () => {
    expect(repositoryOfRemote('https://ghe.example/acme/web.git', ENTERPRISE).name).toBe('web');
    expect(repositoryOfRemote('ssh://git@ghe.example:2222/acme/web.git', ENTERPRISE).name).toBe('web');
    expect(repositoryOfRemote('git@octo.ghe.com:acme/web.git', 'https://api.octo.ghe.com').name).toBe('web');
    expect(repositoryOfRemote('http://127.0.0.1:8080/acme/web.git', 'http://127.0.0.1:8080').name).toBe('web');
    expect(webHostOf(GITHUB)).toBe('github.com');
  });

  test.each([
    ['https://gitlab.com/acme/web.git', GITHUB],
    ['https://github.com/acme/web.git', ENTERPRISE],
    ['https://github.com.evil.example/acme/web.git', GITHUB],
    ['https://github.com:8443/acme/web.git', GITHUB],
    ['git@evil.example:github.com/web.git', GITHUB],
  ])('is not looked for elsewhere: %s', (remote, api) => {
    expect(refusalOf(() => repositoryOfRemote(remote, api))).toMatchObject({
      code: 'unsupported',
      hint: 'Set `github.apiUrl` to the API of that host, or `github.remote` to another remote.',
    });
  });

  test.each([
    'https://github.com/acme',
    'https://github.com/acme/web/tree/main',
    'https://github.com/acme/..',
    '/srv/git/web.git',
    'file:///srv/git/web.git',
    '',
    'git@github.com:web.git',
  ])('is not made up from %s', (remote) => {
    expect(refusalOf(() => repositoryOfRemote(remote, GITHUB)).code).toBe('invalid_input');
  });

  test('does not show what a remote holds besides its host and path', () => {
    const secret = 'hunter2hunter2';
    for (const remote of [
      `https://ada:${secret}@gitlab.com/a/b`,
      `https://${secret}@github.com/a`,
      `ftp://${secret}@x/y`,
    ]) {
      expect(describeError(refusalOf(() => repositoryOfRemote(remote, GITHUB)))).not.toContain(secret);
    }
  });
});
