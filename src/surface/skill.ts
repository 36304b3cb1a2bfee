/** A playbook as a file that agents pick by themselves (the Agent Skills format). */
export interface Skill {
  /** Small letters and hyphens; also the last folder of its URI. */
  readonly name: string;
  readonly description: string;
  /** SKILL.md as a whole. */
  readonly text: string;
}
