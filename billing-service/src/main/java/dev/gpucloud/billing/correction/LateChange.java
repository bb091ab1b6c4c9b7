package dev.gpucloud.billing.correction;

import dev.gpucloud.billing.invoice.engine.LineCategory;
import dev.gpucloud.billing.invoice.engine.TaxType;
import dev.gpucloud.billing.ratedrow.StoredRow;
import dev.gpucloud.billing.statement.engine.StatementLine.Key;
import dev.gpucloud.contracts.id.ProjectId;
import dev.gpucloud.contracts.money.Rational;
import dev.gpucloud.contracts.time.BillingMonth;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An exact change of a closed month's lines, as it is stored. */
record LateChange(
    @Nullable UUID project, String item, String version, TaxType taxType, String exact) {

  static LateChange of(Key key, Rational exact) {
    ProjectId project = key.project();
    return new LateChange(
        project == null ? null : project.value(),
        key.item(),
        key.version(),
        key.taxType(),
        exact.toString());
  }

  /** A row of the line. */
  ChargedRow charged(StoredRow row) {
    return new ChargedRow(
        row, project == null ? null : new ProjectId(project), item, version, taxType);
  }

  Key key(BillingMonth month) {
    return new Key(
        project == null ? null : new ProjectId(project),
        item,
        version,
        taxType,
        LineCategory.CORRECTION,
        month);
  }
}
