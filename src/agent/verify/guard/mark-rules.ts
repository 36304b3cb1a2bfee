/** What is counted in a text before and after. */
export const MARK_RULES = [
  'suppression',
  'any',
  'type_escape',
  'non_null',
  'test_control',
  'empty_catch',
  'process_exit',
  'reach',
  'assertion',
] as const;
export type MarkRule = (typeof MARK_RULES)[number];

export interface SourceMark {
  readonly rule: MarkRule;
  /** Equal for what is the same in two versions of the text. */
  readonly key: string;
  readonly line: number;
  /** In words, for a sentence that begins with it. */
  readonly what: string;
}
