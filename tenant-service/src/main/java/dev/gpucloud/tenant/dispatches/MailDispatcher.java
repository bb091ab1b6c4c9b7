package dev.gpucloud.tenant.dispatches;

import dev.gpucloud.contracts.id.DispatchId;
import dev.gpucloud.tenant.apikeys.ApiKeysConfig;
import dev.gpucloud.tenant.apikeys.Sealing;
import dev.gpucloud.tenant.dispatches.Dispatch.Failed;
import dev.gpucloud.tenant.dispatches.Dispatch.Outcome;
import dev.gpucloud.tenant.dispatches.Dispatch.Sent;
import dev.gpucloud.tenant.mail.Mail;
import dev.gpucloud.tenant.mail.MailPort;
import dev.gpucloud.tenant.mail.Mails;
import dev.gpucloud.tenant.notifications.Addresses;
import dev.gpucloud.tenant.notifications.Addresses.Reached;
import dev.gpucloud.tenant.notifications.Wordings;
import dev.gpucloud.tenant.notifications.engine.Wording;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sends a dispatch as a mail, in the recipient's language, else the tenant's, else ours. */
@ApplicationScoped
class MailDispatcher {
  private final Mails mails;
  private final Addresses addresses;
  private final Wordings wordings;
  private final Sealing sealing;

  MailDispatcher(Mails mails, Addresses addresses, Wordings wordings, ApiKeysConfig keys) {
    this.mails = mails;
    this.addresses = addresses;
    this.wordings = wordings;
    this.sealing = new Sealing(keys.sealingSecret());
  }

  boolean isConfigured() {
    return mails.isConfigured();
  }

  Uni<Outcome> send(Dispatch dispatch) {
    return reached(dispatch)
        .chain(
            to ->
                to.isEmpty()
                    ? failed("no verified e-mail address of this person is known", false)
                    : mails.send(mail(dispatch, to.get())).<Outcome>replaceWith(new Sent(null)))
        .onFailure(MailPort.Refused.class)
        .recoverWithUni(refused -> failed(String.valueOf(refused.getMessage()), true))
        .onFailure()
        .recoverWithUni(failure -> failed(String.valueOf(failure.getMessage()), false));
  }

  private static Uni<Outcome> failed(String problem, boolean isFinal) {
    return Uni.createFrom().item(new Failed(null, problem, isFinal));
  }

  private Uni<Optional<Reached>> reached(Dispatch dispatch) {
    return dispatch.addressee().equals("PERSON")
        ? addresses.of(dispatch.recipient())
        : Uni.createFrom().item(Optional.of(new Reached(dispatch.recipient(), Optional.empty())));
  }

  private Mail mail(Dispatch dispatch, Reached to) {
    Wording.Message message =
        wordings.message(
            dispatch.notified().kind(),
            dispatch.notified().details(),
            to.language().or(() -> Optional.ofNullable(dispatch.language())),
            token(dispatch.sealed()));
    return new Mail(
        new DispatchId(dispatch.id()).toString(),
        to.email(),
        message.subject(),
        message.text(),
        message.html());
  }

  private @Nullable String token(byte @Nullable [] sealed) {
    return sealed == null ? null : new String(sealing.open(sealed), StandardCharsets.UTF_8);
  }
}
