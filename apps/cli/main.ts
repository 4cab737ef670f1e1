#!/usr/bin/env node
import { EXIT_CODES } from './exit-codes';
import { processIo } from './io';
import { run } from './run';

// Who reads the first lines only, as `| head` does, has had what it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT_CODES.done.code : EXIT_CODES.fault.code));

run(process.argv.slice(2), processIo()).then(
  (exit) => (process.exitCode = exit),
  () => (process.exitCode = EXIT_CODES.fault.code),
);
