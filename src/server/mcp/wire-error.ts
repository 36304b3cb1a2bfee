import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { AppError, describeError, isErrorCode } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { CapabilityNeeded } from '../../surface/index.ts';
import { STATE_FAULT } from './dialog.ts';

/** Key in `_meta` of a tool result with `isError`, beside the text that stands on its own. */
const ERROR_META_KEY = 'lightdom/error';

/**
 * An AppError on the wire: in `_meta["lightdom/error"]` of a tool result with `isError`, and in `data` of a JSON-RPC
 * error. Clients that do not know it lose nothing; another LightDom process gets code and hint back.
 */
const wireErrorSchema = z.object({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  hint: z.string().optional(),
  fault: z.string().optional(),
});

/** An expected failure of a tool as the tool's result, so that the agent reads it and can act on it. */
export function toolErrorResult(error: AppError): CallToolResult {
  return {
    content: [{ type: 'text', text: describeError(error) }],
    isError: true,
    _meta: { [ERROR_META_KEY]: wireErrorOf(error) },
  };
}

/** The AppError that a tool result with `isError` stands for. */
export function appErrorOfResult(result: CallToolResult): AppError {
  const { content, _meta: meta } = result;
  const parsed = wireErrorSchema.safeParse(meta?.[ERROR_META_KEY]);
  if (parsed.success) return appErrorOf(parsed.data);
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  return new AppError('upstream_failed', text === '' ? 'The tool failed and did not say why.' : text);
}

/** A failure of a request that has no result to carry it: an unknown name, a resource, a prompt, a cursor. */
export function protocolErrorOf(error: AppError): ProtocolError {
  return new ProtocolError(rpcCodeOf(error.code), describeError(error), wireErrorOf(error));
}

/** A missing resource has a form of its own: clients tell it by `data` holding the URI and nothing else. */
export function resourceErrorOf(error: AppError, uri: string): ProtocolError {
  if (error.code === 'not_found') return new ResourceNotFoundError(uri, describeError(error));
  return protocolErrorOf(error);
}

const MISSING_CAPABILITY = -32_021;
const requiredSchema = z.object({ requiredCapabilities: z.record(z.string(), z.unknown()) });

/** The client lacks something that it could have declared. */
export function capabilityErrorOf({ capabilities, message }: CapabilityNeeded): ProtocolError {
  return new MissingRequiredClientCapabilityError({ requiredCapabilities: capabilities }, message);
}

/** What a JSON-RPC error says of a capability that the client lacks. */
export function capabilityNeededOf({ code, message, data }: ProtocolError): CapabilityNeeded | undefined {
  const required = code === MISSING_CAPABILITY ? requiredSchema.safeParse(data).data : undefined;
  return required && new CapabilityNeeded(message, required.requiredCapabilities);
}

/** The AppError that a JSON-RPC error stands for. */
export function appErrorOfProtocol(error: ProtocolError): AppError {
  const parsed = wireErrorSchema.safeParse(error.data);
  if (parsed.success) return appErrorOf(parsed.data);
  if (error instanceof ResourceNotFoundError) return new AppError('not_found', error.message);
  if (error.code === INVALID_PARAMS) return new AppError('invalid_input', error.message);
  return new AppError('upstream_failed', `The master refused the request: ${error.message}`, { cause: error });
}

function rpcCodeOf(code: ErrorCode): number {
  return code === 'not_found' || code === 'invalid_input' ? INVALID_PARAMS : INTERNAL_ERROR;
}

function wireErrorOf({ code, message, hint, details: { fault } }: AppError): z.input<typeof wireErrorSchema> {
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(fault === STATE_FAULT ? { fault } : {}) };
}

function appErrorOf({ code, message, hint, fault }: z.output<typeof wireErrorSchema>): AppError {
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(fault === undefined ? {} : { details: { fault } }),
  });
}
