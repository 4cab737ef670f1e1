import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject } from 'class-validator';
import { LIMITS } from './limits';
import { Nested } from './grammar';
import { ManifestBase } from './manifest';

/** A proposal whose parts are not sealed yet: the manifest without line digests, and the lines as objects. */
export class PlanAsked {
  @Nested(() => ManifestBase) manifest: ManifestBase;
  /** Lines as they will be written; `salt` and `digest` may be left out, for nothing is sealed yet. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(LIMITS.lineCount.value) @IsObject({ each: true }) lines: object[];
}
