import { setPriority } from 'node:os';

// Fuzzers take all the time they are given: what runs beside them, and waits for servers, goes first.
setPriority(10);
