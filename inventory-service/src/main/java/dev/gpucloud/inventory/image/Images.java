package dev.gpucloud.inventory.image;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemType;
import dev.gpucloud.kit.tx.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The images in memory: read at start, after a change, and every ten seconds. */
@ApplicationScoped
public class Images {
  private static final Logger LOG = Logger.getLogger(Images.class);
  private static final String ALL = "from ImageEntity i order by i.family, i.version desc";

  private final Transactions transactions;
  private volatile List<ImageView> current = List.of();

  Images(Transactions transactions) {
    this.transactions = transactions;
  }

  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> keepFresh() {
    return refresh()
        .onFailure()
        .invoke(failure -> LOG.warnf("images not refreshed: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  Uni<Void> refresh() {
    return transactions.asSystem(Images::load).invoke(read -> current = read).replaceWithVoid();
  }

  static Uni<List<ImageView>> load(Mutiny.Session s) {
    return s.createSelectionQuery(ALL, ImageEntity.class)
        .getResultList()
        .map(rows -> rows.stream().map(ImageView::of).toList());
  }

  /** By family, newest version first. */
  public List<ImageView> current() {
    return current;
  }

  /**
   * The image to boot: a version by its id, the newest active one of a family, or the preferred one
   * when none is named; empty when none is named and none is preferred.
   *
   * @throws ProblemException UNKNOWN_REFERENCE with what can be named
   */
  public Optional<ImageView> resolve(@Nullable String asked) {
    if (asked == null) {
      return current.stream().filter(ImageView::preferred).findFirst();
    }
    return Optional.of(
        current.stream()
            .filter(i -> i.id().equals(asked) && !i.state().equals("WITHDRAWN"))
            .findFirst()
            .or(
                () ->
                    current.stream()
                        .filter(i -> i.family().equals(asked) && i.state().equals("ACTIVE"))
                        .findFirst())
            .orElseThrow(() -> unknown(asked)));
  }

  private ProblemException unknown(String asked) {
    return ProblemType.UNKNOWN_REFERENCE
        .because("There is no image '" + asked + "' to boot.")
        .at("/image", "is no image on offer; see params.validImages")
        .with(
            "validImages",
            current.stream()
                .filter(i -> i.state().equals("ACTIVE"))
                .map(ImageView::family)
                .distinct()
                .toList());
  }

  /** The user to log in as; {@code ubuntu} when the image is not known any more. */
  public String loginUser(@Nullable String id) {
    return current.stream()
        .filter(i -> i.id().equals(id))
        .findFirst()
        .map(ImageView::loginUser)
        .orElse("ubuntu");
  }
}
