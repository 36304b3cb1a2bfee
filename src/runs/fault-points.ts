/**
 * The moments at which a process can be killed that differ in what is stored. Tests kill it at each of them and expect
 * the end state of an undisturbed run.
 */
export const FAULT_POINTS = [
  'start:stored',
  'start:enqueued',
  'begin:before',
  'begin:stored',
  'step:before',
  'step:done',
  'step:recorded',
  'transaction:before',
  'transaction:written',
  'transaction:recorded',
  'transaction:committed',
  'child:stored',
  'child:enqueued',
  'approval:released',
  'approval:stored',
  'approve:stored',
  'approve:resumed',
  'ask:released',
  'ask:stored',
  'answer:stored',
  'answer:last',
  'answer:resumed',
  'pause:stored',
  'pause:cancelled',
  'resume:stored',
  'resume:resumed',
  'cancel:stored',
  'cancel:cancelled',
  'fail:before',
  'fail:stored',
  'retry:stored',
  'retry:rewound',
  'complete:before',
  'complete:stored',
  'recover:claimed',
  'recover:requeued',
  'prune:engine',
  'prune:rows',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Called at each of them. The product's does nothing. */
export type FaultHook = (point: FaultPoint) => void;

export function noFaults(): void {}
