import type { Catalog } from '../src/surface/index.ts';
import { exploreCodebase } from './explore-codebase.ts';
import { findChangeImpact } from './find-change-impact.ts';
import { healRepository } from './heal-repository.ts';
import { planCampaign } from './plan-campaign.ts';
import { reviewRun } from './review-run.ts';

/** Every prompt, in the order in which people see them. */
export const prompts: Catalog['prompts'] = [exploreCodebase, findChangeImpact, healRepository, planCampaign, reviewRun];
