import { describe, expect, test } from 'vitest';
import { githubSchema } from '../../../src/core/config/github-schema.ts';
import { load } from './config-fixture.ts';

describe('the API of GitHub', () => {
  test.each([
    'https://api.github.com',
    'https://ghe.example/api/v3',
    'http://127.0.0.1:8080/api/v3',
    'http://localhost:1',
  ])('may be at %s', (apiUrl) => {
    expect(githubSchema.safeParse({ apiUrl }).success).toBe(true);
  });

  test.each([
    'http://ghe.example/api/v3',
    'https://x:y@ghe.example',
    'https://ghe.example/?a=1',
    'https://ghe.example/#a',
    'ghe.example',
    'ftp://ghe.example',
  ])('may not be at %s', (apiUrl) => {
    expect(githubSchema.safeParse({ apiUrl }).success).toBe(false);
  });

  test.each([{ remote: '--upload-pack=x' }, { baseBranch: '-x' }, { baseBranch: 'a b' }, { protectedBranches: ['*'] }])(
    'takes no option of git for a name: %j',
    (settings) => {
      expect(githubSchema.safeParse(settings).success).toBe(false);
    },
  );
});

test('settings of GitHub are read from their variables', () => {
  const env = {
    GITHUB_API_URL: 'https://ghe.example/api/v3',
    GITHUB_TOKEN: 'ghp_1',
    LIGHTDOM_GITHUB_LABELS: 'agent,needs review',
    LIGHTDOM_GITHUB_PROTECTED_BRANCHES: 'main,release/*',
  };
  expect(load({ env }).config.github).toMatchObject({
    apiUrl: 'https://ghe.example/api/v3',
    token: 'ghp_1',
    labels: ['agent', 'needs review'],
    protectedBranches: ['main', 'release/*'],
  });
});
