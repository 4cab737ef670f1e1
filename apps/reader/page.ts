import { ClientRefusal, GatewayProblem } from '#client/codes';
import { found } from './elements';
import { Mistyped } from './mistyped';

/** The one line that says what is going on; a screen reader reads it out. */
export const say = (text: string): void => void (found('status').textContent = text);

function told(error: unknown): string {
  if (error instanceof ClientRefusal) return [error.says, ...((error.facts['places'] as string[] | undefined) ?? []), error.next].join(' ');
  if (error instanceof Mistyped) return error.message;
  if (error instanceof GatewayProblem) return `${error.says} ${error.next}`;
  return 'Something went wrong on this page; nothing was told to anybody. Open it again from the console.';
}

/** Does something, and says what to do where it fails. */
export async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say(told(error));
  }
}

export function ended(text: string, { keeps }: { keeps?: string } = {}): void {
  for (const each of document.querySelectorAll('.refusing, .acknowledging, #go, #scrutiny, #answer')) if (!keeps || !each.matches(keeps)) each.remove();
  say(text);
  found('main').focus();
}
