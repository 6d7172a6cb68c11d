import { z } from 'zod';
import { id } from '../../contract/common.ts';

/** The one path parameter of most routes. */
export const idParam = z.strictObject({ id });
