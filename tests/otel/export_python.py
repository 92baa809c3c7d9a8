"""Sends records with the stock OpenTelemetry SDK for Python: OTLP/HTTP, protobuf, gzip.

export_python.py URL SERVICE COUNT; exit code 0 only when the exporter took every batch as delivered.
"""
import sys

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExportResult
from opentelemetry.sdk.resources import Resource

url, service, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
failed = 0


class Watched(OTLPLogExporter):
    def export(self, batch):
        global failed
        result = super().export(batch)
        failed += result != LogRecordExportResult.SUCCESS
        return result


provider = LoggerProvider(resource=Resource.create({"service.name": service}))
provider.add_log_record_processor(
    BatchLogRecordProcessor(Watched(endpoint=url, compression=Compression.Gzip, timeout=10), max_export_batch_size=100)
)
logger = provider.get_logger("tests.otel")
for i in range(count):
    logger.emit(
        LogRecord(
            severity_number=SeverityNumber.WARN if i % 10 == 0 else SeverityNumber.INFO,
            severity_text="WARN" if i % 10 == 0 else "INFO",
            body=f"order {i} shipped to customer {i * 7}",
            attributes={"order.items": i % 5, "http.response.status_code": 200, "cached": i % 2 == 0, "tags": ["a", "b"]},
        )
    )
provider.force_flush(20000)
provider.shutdown()
sys.exit(1 if failed else 0)
