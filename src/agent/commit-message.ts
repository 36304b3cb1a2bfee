import type { AgentTask } from './agent-schema.ts';
import type { MadeFix } from './attempt-task.ts';
import { commitTextOf } from '../git/index.ts';
