import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { secretFieldOf } from '../../src/core/secret-name.ts';
import { schemaOf } from '../../src/runs/question-form.ts';
import { formRequest } from '../../src/surface/index.ts';
import { refusalOf } from '../support/refusal-of.ts';

const SECRETS =
  'password userPassword passwd pwd passphrase passcode secret clientSecret token accessToken github_token';
const KEYS = 'apiKey api_key API-Key githubAPIKey privateKey accessKey credentials pin otp bearer';
const HARMLESS =
  'name seats reason key keyboard passenger compass tokenizer secretary pinned opinion authorName monkey';

describe('a form', () => {
  it.each(`${SECRETS} ${KEYS}`.split(' '))('never asks for %s', (name) => {
    const fields = z.object({ why: z.string(), [name]: z.string() });
    const error = refusalOf(() => formRequest('Who are you?', fields));
    expect(error).toMatchObject({ code: 'unsupported' });
    expect(error.message).toContain(`\`${name}\``);
    expect(error.hint).toContain('askUrl');
    expect(refusalOf(() => schemaOf('q', fields)).code).toBe('unsupported');
  });

  it.each(HARMLESS.split(' '))('may ask for %s', (name) => {
    expect(formRequest('?', z.object({ [name]: z.string() })).params).toHaveProperty(
      `requestedSchema.properties.${name}`,
    );
  });

  it('is judged by titles, too', () => {
    expect(secretFieldOf({ field1: { type: 'string', title: 'GitHub API key' } })).toBe('field1');
  });

  it('may have flags, choices and counts that are named so: they hold no secret', () => {
    const fields = z.object({
      rotateToken: z.boolean(),
      token: z.enum(['keep', 'replace']),
      maxTokens: z.int().min(1).max(9),
    });
    expect(formRequest('?', fields).method).toBe('elicitation/create');
    expect(refusalOf(() => formRequest('?', z.object({ pin: z.int().min(0).max(9999) }))).code).toBe('unsupported');
  });
});
