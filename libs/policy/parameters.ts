import 'reflect-metadata';
import { AFTERWARDS } from './parameters/afterwards';
import { PARTIES_AND_DECISION } from './parameters/parties';
import { SECURITY } from './parameters/security';
import type { Of } from './parameters/shape';
import { SHARING } from './parameters/sharing';

/** Everything that an agreement can say to the engine, by name. A profile states what its text says; what no table knows, it cannot say. */
export const PARAMETERS = { ...PARTIES_AND_DECISION, ...SECURITY, ...SHARING, ...AFTERWARDS } as const;

export type ParameterName = keyof typeof PARAMETERS;
export type ValueOf<N extends ParameterName> = Of<(typeof PARAMETERS)[N]>;

/** Names that every profile states. */
export type RequiredName = { [N in ParameterName]: (typeof PARAMETERS)[N] extends { readonly required: true } ? N : never }[ParameterName];

export const PARAMETER_NAMES = Object.keys(PARAMETERS) as ParameterName[];
