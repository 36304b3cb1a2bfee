import { z } from 'zod';

/** What executing a run came to, for statistics. Work that was recorded before and not done again is not measured. */
const stepSchema = z.object({
  what: z.literal('step'),
  kind: z.string(),
  seconds: z.number().min(0),
  isOk: z.boolean(),
});
/** Operations of a batch that were stored. */
const itemsSchema = z.object({ what: z.literal('items'), kind: z.string(), count: z.number().int().min(0) });

export const runMeasurementSchema = z.discriminatedUnion('what', [stepSchema, itemsSchema]);
export type RunMeasurement = Readonly<z.infer<typeof runMeasurementSchema>>;
