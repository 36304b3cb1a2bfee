import type { Migration } from '../migrate.ts';
import { runsMigration } from './0001-runs.ts';
import { graphMigration } from './0002-graph.ts';
import { runControlMigration } from './0003-run-control.ts';
import { graphNotesMigration } from './0004-graph-notes.ts';
import { findingsMigration } from './0005-findings.ts';
import { graphPatchesMigration } from './0006-graph-patches.ts';
import { runQuestionsMigration } from './0007-run-questions.ts';
import { runOwnerMigration } from './0008-run-owner.ts';
import { eventOutboxMigration } from './0009-event-outbox.ts';
import { requestAnswersMigration } from './0010-request-answers.ts';
import { servicesMigration } from './0011-services.ts';
import { runTraceMigration } from './0012-run-trace.ts';
import { agentMigration } from './0013-agent.ts';
import { agentMessagesMigration } from './0014-agent-messages.ts';
import { graphEdgeIndexMigration } from './0015-graph-edge-index.ts';

/** All migrations in order; a number is never reused and a released one never changed. */
export const MIGRATIONS: readonly Migration[] = [
  runsMigration,
  graphMigration,
  runControlMigration,
  graphNotesMigration,
  findingsMigration,
  graphPatchesMigration,
  runQuestionsMigration,
  runOwnerMigration,
  eventOutboxMigration,
  requestAnswersMigration,
  servicesMigration,
  runTraceMigration,
  agentMigration,
  agentMessagesMigration,
  graphEdgeIndexMigration,
];
