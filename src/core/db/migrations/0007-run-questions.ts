/**
 * Questions of all kinds instead of approvals alone. `slot` is where the code of the run asks, and `round` how often it
 * had to; both make the key, which is never used for another question. `form` is the JSON Schema of what is to be entered
 * (as text, since people see its fields in this order), null for an approval. An answer is `{action, content?}`; one that
 * `is_withdrawn` counts no more.
 */
export const runQuestionsMigration = {
  version: 7,
  name: 'run questions',
  sql: `
    alter table lightdom.run drop constraint run_status_check;
    alter table lightdom.run add constraint run_status_check check (
      status in ('pending', 'running', 'paused', 'waiting_approval', 'waiting_input', 'completed', 'failed', 'cancelled')
    );

    alter table lightdom.run_approval rename to run_question;
    alter table lightdom.run_question rename constraint run_approval_pkey to run_question_pkey;
    alter table lightdom.run_question rename constraint run_approval_run_id_fkey to run_question_run_id_fkey;
    alter table lightdom.run_question rename column question to message;
    alter table lightdom.run_question rename column requested_at to asked_at;
    alter table lightdom.run_question rename column decided_at to answered_at;
    alter table lightdom.run_question
      add column sequence bigserial,
      add column slot text,
      add column round integer not null default 1 check (round >= 1),
      add column form json,
      add column answer jsonb,
      add column is_withdrawn boolean not null default false;
    update lightdom.run_question set slot = key, answer = case when decision is not null then
      jsonb_build_object('action', 'accept', 'content',
        jsonb_strip_nulls(jsonb_build_object('approve', decision = 'approved', 'reason', reason))) end;
    alter table lightdom.run_question
      drop column decision,
      drop column reason,
      alter column slot set not null,
      add unique (run_id, slot, round),
      add check ((answer is null) = (answered_at is null)),
      add check (answer is not null or not is_withdrawn);
  `,
};
