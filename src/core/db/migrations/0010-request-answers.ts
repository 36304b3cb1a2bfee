/** First answers to requests that came with an `Idempotency-Key`; without a status while the request is at work. */
export const requestAnswersMigration = {
  version: 10,
  name: 'request answers',
  sql: `
    create table lightdom.request_answer (
      owner text not null,
      key text not null,
      fingerprint text not null,
      holder text not null,
      status int,
      type text,
      body text,
      created_at timestamptz not null default clock_timestamp(),
      primary key (owner, key)
    );
    create index request_answer_by_age on lightdom.request_answer (created_at);
    create index request_answer_by_owner on lightdom.request_answer (owner, created_at);
  `,
};
