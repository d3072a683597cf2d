package com.example.osgi;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/**
 * Starts an OSGi framework with one bundle and runs a main class of that bundle. Arguments: storage
 * folder, the bundle's URL, class, its arguments.
 */
public final class BundleHost {
  private BundleHost() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("org.osgi.framework.storage", arguments[0]);
    Framework framework =
        ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(settings);
    framework.start();
    Bundle bundle = framework.getBundleContext().installBundle(arguments[1]);
    bundle.start();
    String[] rest = new String[arguments.length - 3];
    System.arraycopy(arguments, 3, rest, 0, rest.length);
    bundle
        .loadClass(arguments[2])
        .getMethod("main", String[].class)
        .invoke(null, new Object[] {rest});
  }
}
