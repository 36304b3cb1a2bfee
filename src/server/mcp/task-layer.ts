import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server';
import type { CallToolResult, Server, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { runSchema } from '../../runs/index.ts';
import type { Run } from '../../runs/index.ts';
import { CapabilityNeeded } from '../../surface/index.ts';
import type { Caller, Tool, ToolAnswer } from '../../surface/index.ts';
import type { ToolAccess } from '../dispatch/tool-access.ts';
import { callerOf } from './call-relay.ts';
import { agreedCall } from './agreed-call.ts';
import { TASKS_EXTENSION } from './caller-capabilities.ts';
import { serveRequest } from './served-request.ts';
import type { CallContext, SurfaceBackend } from './surface-backend.ts';
import { detailedTask, taskOf } from './task-of-run.ts';
import { protocolErrorOf } from './wire-error.ts';

/**
 * The Tasks extension (SEP-2663) over runs: a task is a run, and its id the run's. Only for callers that declare it;
 * for everyone else the tools that start runs return their handles.
 */
export interface TaskLayerDeps {
  readonly server: Server;
  readonly backend: SurfaceBackend;
  readonly log: Log;
  /** What the client of a request may call: acting on a task is a call of the tool that does so. */
  readonly accessOf: (request: ServerContext) => Pick<ToolAccess, 'get'>;
}

const REQUIRED = { extensions: { [TASKS_EXTENSION]: {} } };

const runAnswerSchema = z.object({ run: runSchema });
const taskIdSchema = z.looseObject({ taskId: z.string().max(200) });
const updateSchema = taskIdSchema.extend({ inputResponses: z.record(z.string(), z.unknown()).optional() });

/** Throws CapabilityNeeded for a tool whose work can be followed as a task alone. */
export function requireTasks(tool: Tool | undefined, { can }: Caller): void {
  if (tool?.task !== 'required' || can.tasks) return;
  throw new CapabilityNeeded(`${tool.name} runs as a task: declare the extension ${TASKS_EXTENSION}.`, REQUIRED);
}

/** The answer of a tool that has started a run, for a caller that knows tasks. */
export function createdTask(structured: Record<string, unknown>): CallToolResult {
  const { run } = runAnswerSchema.parse(structured);
  // Content is of results that are complete; the wire has none of it here.
  return { content: [], resultType: 'task', ...taskOf(run) };
}

export function serveTasks(deps: TaskLayerDeps): void {
  const { server } = deps;
  server.setRequestHandler('tasks/get', { params: taskIdSchema }, ({ taskId }, request) =>
    serveTask(deps, request, async (call) => detailedTask(await new TaskCall(deps, request, { taskId, call }).run())),
  );
  server.setRequestHandler('tasks/cancel', { params: taskIdSchema }, ({ taskId }, request) =>
    serveTask(deps, request, async (call) => {
      await new TaskCall(deps, request, { taskId, call }).cancel();
      return {};
    }),
  );
  server.setRequestHandler('tasks/update', { params: updateSchema }, ({ taskId, inputResponses }, request) =>
    serveTask(deps, request, async (call) => {
      // The library lifts the answers out of the parameters where it knows of them.
      await new TaskCall(deps, request, { taskId, call }).answer({
        ...inputResponses,
        ...request.mcpReq.inputResponses,
      });
      return {};
    }),
  );
}

type TaskAnswer = Record<string, unknown>;

async function serveTask(
  { server, log }: TaskLayerDeps,
  request: ServerContext,
  work: (call: CallContext) => Promise<TaskAnswer>,
): Promise<TaskAnswer> {
  if (!callerOf(server, request).can.tasks) {
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: REQUIRED }, `Declare ${TASKS_EXTENSION}.`);
  }
  return serveRequest<TaskAnswer>({
    server,
    request,
    subject: request.mcpReq.method,
    log,
    work,
    failed: (failure) => {
      throw protocolErrorOf(failure);
    },
  });
}

/** One request about one task. */
class TaskCall {
  readonly #backend: SurfaceBackend;
  readonly #runId: string;
  readonly #call: CallContext;
  readonly #access: Pick<ToolAccess, 'get'>;

  constructor(
    { backend, accessOf }: Pick<TaskLayerDeps, 'backend' | 'accessOf'>,
    request: ServerContext,
    { taskId, call }: { readonly taskId: string; readonly call: CallContext },
  ) {
    this.#backend = backend;
    this.#runId = taskId;
    this.#call = call;
    this.#access = accessOf(request);
  }

  async run(): Promise<Run> {
    const { structured } = await this.#callTool('run_get', {});
    return runAnswerSchema.parse(structured).run;
  }

  /** What can't be cancelled any more, because it has ended, is acknowledged all the same; an unknown task is not. */
  async cancel(): Promise<void> {
    try {
      this.#access.get('run_control');
      const input = { runId: this.#runId, action: 'cancel', reason: 'cancelled as a task' };
      await agreedCall(this.#backend, { tool: 'run_control', input, call: this.#call });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    }
  }

  /** Answers to what is not open are passed over, whatever they are: a client may send those of a former round again. */
  async answer(answers: Readonly<Record<string, unknown>>): Promise<void> {
    const { questions = {} } = await this.run();
    const open = Object.entries(answers).filter(([key]) => Object.hasOwn(questions, key));
    if (open.length === 0) return;
    await this.#callTool('run_answer', { answers: Object.fromEntries(open) });
  }

  /** Under the policy as the tool itself. */
  #callTool(name: string, input: Record<string, unknown>): Promise<ToolAnswer> {
    this.#access.get(name);
    return this.#backend.callTool(name, { runId: this.#runId, ...input }, this.#call);
  }
}
