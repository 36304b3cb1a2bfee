import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGithubDesk } from '../../support/github-desk.ts';
import type { GithubDesk } from '../../support/github-desk.ts';

let desk: GithubDesk;

beforeAll(async () => {
  desk = await openGithubDesk();
});
afterAll(() => desk.stop());

describe('createIssue', () => {
  test('creates one of a key, and then finds it among those of people', async () => {
    const repository = await desk.repository('issues');
    const issue = { repository, title: 'Dead code', body: 'It is never used.', key: 'finding:12' };
    const first = await desk.service().createIssue(issue);
    expect(first).toEqual({ outcome: 'created', number: 1, url: `${desk.hub.gitUrl}/acme/issues/issues/1`, notes: [] });
    for (let index = 0; index < 105; index += 1) {
      await desk.hub.control({ order: 'addIssue', ...repository, title: `Other ${index}`, user: 'ada' });
    }
    const second = await desk.service().createIssue({ ...issue, title: 'Dead code again' });
    expect(second).toMatchObject({ outcome: 'existing', number: 1 });
    expect(await desk.hub.ask('/repos/acme/issues/issues/1')).toMatchObject({
      title: 'Dead code',
      body: 'It is never used.\n\n<!-- lightdom:finding:12 -->',
      labels: [{ name: 'lightdom' }],
    });
    expect((await desk.service().createIssue({ ...issue, key: 'finding:1' })).outcome).toBe('created');
  });

  test('leaves closed what was closed', async () => {
    const repository = await desk.repository('closed-issues');
    const issue = { repository, title: 'Dead code', body: '', key: 'finding:12' };
    await desk.service().createIssue(issue);
    await desk.hub.control({ order: 'setState', ...repository, number: 1, state: 'closed' });
    expect(await desk.service().createIssue(issue)).toMatchObject({ outcome: 'rejected', number: 1 });
    expect(await desk.hub.ask('/repos/acme/closed-issues/issues/1')).toMatchObject({ state: 'closed' });
  });

  test('says that a repository has no issues', async () => {
    const repository = await desk.repository('no-issues');
    await desk.hub.control({ order: 'setRepository', ...repository, hasIssues: false });
    const issue = { repository, title: 'Dead code', body: '', key: 'finding:12' };
    await expect(desk.service().createIssue(issue)).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('takes no key that could end its comment, and no empty title', async () => {
    const repository = await desk.repository('keys');
    const issue = { repository, title: 'Dead code', body: '', key: 'x --> y' };
    await expect(desk.service().createIssue(issue)).rejects.toMatchObject({ code: 'invalid_input' });
    const untitled = { ...issue, key: 'x', title: ' \n ' };
    await expect(desk.service().createIssue(untitled)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
