#!/usr/bin/env node
import { EXIT_CODES } from './exit-codes';
import { processIo } from './io';
import { run } from './run';

run(process.argv.slice(2), processIo()).then(
  (exit) => (process.exitCode = exit),
  () => (process.exitCode = EXIT_CODES.fault.code),
);
