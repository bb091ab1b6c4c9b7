package dev.gpucloud.tenant.quotas;

import dev.gpucloud.tenant.engine.QuotaTerms;
import dev.gpucloud.tenant.tenants.TenantEntity;
import dev.gpucloud.tenant.tenants.TenantRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jspecify.annotations.Nullable;

/**
 * The one way to a quota's row: checks what is wished for beside all that stands above and below
 * it, then writes. The caller's transaction runs as the platform and holds the tree's lock.
 */
@ApplicationScoped
public class QuotaSetter {
  private final TenantRepository tenants;
  private final QuotaRepository quotas;
  private final QuotaWriter writer;

  QuotaSetter(TenantRepository tenants, QuotaRepository quotas, QuotaWriter writer) {
    this.tenants = tenants;
    this.quotas = quotas;
    this.writer = writer;
  }

  /** Who reads the refusal: a member may not learn the names of the tenants above. */
  public enum Reader {
    PLATFORM,
    MEMBER
  }

  /** What a scope shall hold of a model. */
  public record Wish(
      TenantEntity tenant, QuotaScope scope, String model, QuotaTerms terms, Reader reader) {
    /** The same for another reader. */
    Wish to(Reader other) {
      return new Wish(tenant, scope, model, terms, other);
    }
  }

  /**
   * Sets what is wished for on the row there is, or opens one. Limits below that would be above it
   * are lowered to it, and what is guaranteed below is taken away where the limit cannot keep it.
   *
   * <p>Fails with UNPROCESSABLE naming every limit and guarantee above that it does not fit.
   */
  public Uni<QuotaEntity> set(Mutiny.Session session, @Nullable QuotaEntity quota, Wish wish) {
    return tenants
        .all(session)
        .chain(
            all ->
                quotas
                    .ofModel(session, wish.model())
                    .chain(rows -> lower(session, Fit.of(all, rows, wish).below())))
        .chain(
            () ->
                quota == null
                    ? writer.open(session, wish.scope(), wish.model(), wish.terms())
                    : writer.change(session, quota, wish.terms()).replaceWith(quota));
  }

  /**
   * Takes back what a tenant's limit over all sites was raised by, and with it lowers every limit
   * that it binds and that would be above it. Guarantees that could no longer be kept together are
   * taken away. What is held stays and only cannot grow.
   */
  public Uni<Void> lower(Mutiny.Session session, QuotaEntity quota, int byGpus) {
    return tenants
        .all(session)
        .chain(
            all ->
                quotas
                    .ofModel(session, quota.model())
                    .chain(rows -> lower(session, Lowering.of(all, rows, quota, byGpus))));
  }

  private Uni<Void> lower(Mutiny.Session session, Map<QuotaEntity, QuotaTerms> changes) {
    Uni<Void> done = Uni.createFrom().voidItem();
    for (Map.Entry<QuotaEntity, QuotaTerms> change : changes.entrySet()) {
      done =
          done.chain(() -> writer.change(session, change.getKey(), change.getValue()))
              .replaceWithVoid();
    }
    return done;
  }
}
