package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import java.net.PasswordAuthentication;
import net.bytebuddy.asm.Advice;

/**
 * Woven into the methods by which a connection asks the application's default authenticator (Java
 * 8) or its own (later): may leave it unasked.
 */
final class AuthenticatorAdvice {

  private AuthenticatorAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  static Outcome asked(@Advice.Origin Class<?> type, @Advice.AllArguments Object[] arguments) {
    return Bridge.enter("http-url-connection:password", type, arguments);
  }

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void answered(
      @Advice.Enter Outcome outcome,
      @Advice.Return(readOnly = false) PasswordAuthentication password) {
    if (outcome != null) {
      password = (PasswordAuthentication) outcome.value();
    }
  }
}
