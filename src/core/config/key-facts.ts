import { z } from 'zod';

/** What the schema of a key can't say itself. */
export interface KeyFacts {
  /** Established environment variable beside the derived `LIGHTDOM_…` name. */
  readonly env?: string;
  /** Words of that variable that mean a value of the key, for example `test` for `testing`. */
  readonly envWords?: Readonly<Record<string, string>>;
  /** `whole`: never shown. `url`: only its password is hidden. Both can also be given as a file (`…_FILE`). */
  readonly secret?: 'whole' | 'url';
  /** A file or folder; relative ones count from the file that names them, otherwise from the current folder. */
  readonly isPath?: true;
  /** Between the items of a list that is given as text; what separates paths without it. */
  readonly separator?: ',';
  /** What the default is when it depends on the machine or on another key. */
  readonly defaultText?: string;
  /** What a value must look like, where the schema is not able to say it in words. */
  readonly valid?: string;
}

/** Facts of the keys of the configuration tree, attached where the key is declared. */
export const keyFacts = z.registry<KeyFacts>();
