import { describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { metricsTable } from './metrics-table.js';
import { processMetrics } from './process-metrics.js';
import { withSection } from './section.js';

describe('the metrics of a program', () => {
  it('say what it is, and name no gauge like a counter', async () => {
    const registry = processMetrics({ name: '@autotrader/runtime', version: '0.1.0' });
    const text = await registry.metrics();
    expect(text).toContain(`build_info{program="runtime",version="0.1.0",node="${process.version}"} 1`);
    expect([...text.matchAll(/^# TYPE (\S+_total) (?!counter)/gm)]).toEqual([]);
    expect(text).toContain('process_resident_memory_bytes ');
  });

  it('are told by name, type, labels and meaning', async () => {
    const registry = new Registry();
    const counter = { name: 'a_total', help: 'What is counted.', labelNames: ['venue', 'kind'] };
    new Counter({ ...counter, registers: [registry] });
    expect(await metricsTable(registry)).toContain(
      '| `a_total` | counter | `venue` `kind` | What is counted |',
    );
  });
});

describe('a section of a document', () => {
  it('is replaced, and nothing around it', () => {
    const document = 'head\n<!-- a -->\nold\n<!-- /a -->\ntail';
    expect(withSection(document, 'a', 'new')).toBe('head\n<!-- a -->\n\nnew\n\n<!-- /a -->\ntail');
    expect(() => withSection(document, 'b', 'new')).toThrow('the document has no section <!-- b -->');
  });
});
