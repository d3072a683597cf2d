package com.example.hooks;

import java.io.FileOutputStream;
import java.io.IOException;
import java.net.CacheRequest;
import java.net.CacheResponse;
import java.net.CookieHandler;
import java.net.ResponseCache;
import java.net.URI;
import java.net.URLConnection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** How code of an application fails that the JDK calls for an answer. Not in a package of ours. */
public enum FailingHook {
  CHECKED {
    @Override
    void fail() throws IOException {
      throw new IOException("no");
    }
  },
  UNCHECKED {
    @Override
    void fail() {
      throw new IllegalStateException("no");
    }
  },
  /** What it calls in the JDK throws. */
  IN_THE_JDK {
    @Override
    void fail() throws IOException {
      new FileOutputStream("/").close();
    }
  };

  abstract void fail() throws IOException;

  /** Has no cookies and takes none. */
  public CookieHandler cookies() {
    return new CookieHandler() {
      @Override
      public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
        return Collections.emptyMap();
      }

      @Override
      public void put(URI uri, Map<String, List<String>> headers) throws IOException {
        fail();
      }
    };
  }

  /** Has no answers and takes none. */
  public ResponseCache cache() {
    return new ResponseCache() {
      @Override
      public CacheResponse get(URI uri, String method, Map<String, List<String>> headers) {
        return null;
      }

      @Override
      public CacheRequest put(URI uri, URLConnection connection) throws IOException {
        fail();
        return null;
      }
    };
  }
}
