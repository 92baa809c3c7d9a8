// Sends records with the stock OpenTelemetry SDK for JavaScript: OTLP/HTTP, JSON.
// export_js.mjs URL SERVICE COUNT; exit code 0 only when the exporter took every batch as delivered.
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';

const [url, service, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const exporter = new OTLPLogExporter({ url, timeoutMillis: 10000 });
let failed = 0;
const send = exporter.export.bind(exporter);
exporter.export = (records, done) =>
    send(records, (result) => {
        if (result.code !== 0) {
            failed++;
            console.error(String(result.error));
        }
        done(result);
    });

const options = { resource: resourceFromAttributes({ 'service.name': service }) };
const processor = new BatchLogRecordProcessor({ exporter, maxExportBatchSize: 100, maxQueueSize: 100000 });
const provider = new LoggerProvider({ ...options, processors: [processor] });
const logger = provider.getLogger('tests.otel');
for (let i = 0; i < count; i++)
    logger.emit({
        severityNumber: i % 10 === 0 ? SeverityNumber.ERROR : SeverityNumber.INFO,
        severityText: i % 10 === 0 ? 'ERROR' : 'INFO',
        body: i % 2 === 0 ? `payment ${i} accepted` : { event: 'refund', id: i, amount: 12.5 },
        attributes: { 'payment.id': i, provider: 'example', nested: { deep: [1, 'two', true] } },
    });
await provider.forceFlush();
await provider.shutdown();
process.exit(failed ? 1 : 0);
