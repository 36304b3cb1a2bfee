/**
 * What has to be there before something is destroyed. `asked`: the yes of a person where one can be asked, else a plan that
 * the caller gives back; `planned`: a plan first, and then that yes; `presumed`: nothing.
 */
export const APPROVALS = ['asked', 'planned', 'presumed'] as const;
export type Approval = (typeof APPROVALS)[number];
