// @ts-check
/**
 * Runs one ClickHouse server in this process, until standard input ends.
 * Arguments: the path of libchdb.so, then those of the engine.
 * https://github.com/chdb-io/chdb-core/blob/main/programs/local/chdb.h
 */
import { DataType, isNullPointer, load, open } from 'ffi-rs';

const [library = '', ...engineArguments] = process.argv.slice(2);
const { I32, StringArray, External, String, Void } = DataType;

// The parent ends this process through the pipe, after its last write: a signal to the whole
// terminal or service (Ctrl-C, systemd) must not be faster. The engine's own handlers would end
// it at once, and would keep a crashed process for minutes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

open({ library: 'chdb', path: library });
load({
  library: 'chdb',
  funcName: 'chdb_set_signal_handlers_enabled',
  retType: Void,
  paramsType: [I32],
  paramsValue: [0],
});
const argv = ['clickhouse', ...engineArguments];
const result = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: External,
  paramsType: [I32, StringArray],
  paramsValue: [argv.length, argv],
});
const ofResult = {
  library: 'chdb',
  funcName: 'chdb_result_error',
  paramsType: [External],
  paramsValue: [result],
};
if (!isNullPointer(load({ ...ofResult, retType: External }))) {
  console.error(load({ ...ofResult, retType: String }));
  process.exitCode = 1;
}
