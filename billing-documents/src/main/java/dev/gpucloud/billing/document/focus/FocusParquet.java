package dev.gpucloud.billing.document.focus;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.model.FieldType;
import com.jerolba.carpet.model.FieldTypes;
import com.jerolba.carpet.model.WriteRecordModelType;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The dataset as one Parquet file: decimals of 38 digits, 12 of them decimals, times in UTC. */
final class FocusParquet {
  private static final int PRECISION = 38;
  private static final int SCALE = 12;

  private FocusParquet() {}

  static void write(Stream<Charge> rows, OutputStream out) throws IOException {
    try (var writer =
        new CarpetWriter.Builder<>(new KeptOpen(out), Charge.class)
            .withConf(new PlainParquetConfiguration())
            .withWriteRecordModel(model())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withExtraMetaData("focus.version", FocusDataset.VERSION)
            .build()) {
      for (Iterator<Charge> each = rows.iterator(); each.hasNext(); ) {
        writer.write(each.next());
      }
    }
    out.flush();
  }

  private static WriteRecordModelType<Charge> model() {
    WriteRecordModelType<Charge> model = FieldTypes.writeRecordModel(Charge.class);
    for (FocusColumn column : FocusColumn.ALL) {
      model = model.withField(column.id(), typeOf(column), column.value());
    }
    return model;
  }

  private static FieldType typeOf(FocusColumn column) {
    boolean must = !column.isNullable();
    return switch (column.type()) {
      case TEXT -> must ? FieldTypes.STRING.notNull() : FieldTypes.STRING;
      case INSTANT -> must ? FieldTypes.INSTANT.notNull() : FieldTypes.INSTANT;
      case DECIMAL -> {
        var decimal = FieldTypes.BIG_DECIMAL.withPrecisionScale(PRECISION, SCALE);
        yield must ? decimal.notNull() : decimal;
      }
    };
  }

  /** The writer closes what it writes to; the caller's stream is not its own. */
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
