package io.flyball.instrumentation.apachehttpclient4;

import org.apache.http.client.params.ClientPNames;
import org.apache.http.client.protocol.RequestClientConnControl;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.impl.client.AbstractHttpClient;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.BasicHttpProcessor;
import org.apache.http.protocol.RequestContent;
import org.apache.http.protocol.RequestExpectContinue;
import org.apache.http.protocol.RequestTargetHost;
import org.apache.http.protocol.RequestUserAgent;

/** What {@link Clients} makes of a deprecated client for other hosts. */
@SuppressWarnings("deprecation")
final class ForeignDefaultClient extends DefaultHttpClient {

  private ForeignDefaultClient(ClientConnectionManager connections, HttpParams params) {
    super(connections, params);
  }

  static ForeignDefaultClient of(AbstractHttpClient client) {
    HttpParams params = client.getParams().copy();
    params.setBooleanParameter(ClientPNames.HANDLE_REDIRECTS, false);
    params.removeParameter(ClientPNames.VIRTUAL_HOST);
    params.removeParameter(ClientPNames.DEFAULT_HEADERS);
    ForeignDefaultClient foreign = new ForeignDefaultClient(client.getConnectionManager(), params);
    foreign.setRoutePlanner(client.getRoutePlanner());
    foreign.setCredentialsProvider(new ProxyCredentials(client.getCredentialsProvider()));
    foreign.setHttpRequestRetryHandler(new DefaultHttpRequestRetryHandler(0, false));
    return foreign;
  }

  /** Without cookies, authentication at the target and the application's own interceptors. */
  @Override
  protected BasicHttpProcessor createHttpProcessor() {
    BasicHttpProcessor processor = new BasicHttpProcessor();
    processor.addInterceptor(new RequestContent());
    processor.addInterceptor(new RequestTargetHost());
    processor.addInterceptor(new RequestClientConnControl());
    processor.addInterceptor(new RequestUserAgent());
    processor.addInterceptor(new RequestExpectContinue());
    processor.addInterceptor(new org.apache.http.client.protocol.RequestProxyAuthentication());
    return processor;
  }
}
