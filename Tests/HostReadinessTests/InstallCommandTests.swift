import Testing

@testable import HostReadiness

/// What stands in for loading in modprobe.d, and whether it loads anything.
@Suite struct InstallCommandTests {
  @Test(arguments: [
    "/bin/false", "/bin/true", "/usr/bin/false", "false", ":", "exit 1", "exit", "/dev/null",
    "/bin/sh -c 'exit 0'", "/bin/sh -c \"exit 1\"", "/bin/bash -c :", "sh -c '/bin/true'",
    "/bin/false # CVE", "/bin/false >/dev/null 2>&1", "echo blocked", "/bin/echo no; exit 1",
    "logger esp4 refused && false", "false && modprobe --ignore-install esp4",
    "true || modprobe --ignore-install esp4", "exit 1; modprobe --ignore-install esp4",
    "/bin/false;", "/bin/false $CMDLINE_OPTS",
  ])
  func loadsNothing(command: String) {
    #expect(InstallCommand.loadsNothing(command))
  }

  @Test(arguments: [
    "/sbin/modprobe --ignore-install esp4", "true && modprobe --ignore-install esp4",
    "false || modprobe --ignore-install esp4", "false; modprobe --ignore-install esp4",
    "/bin/sh -c 'modprobe --ignore-install esp4'", "/bin/sh -c 'true; /sbin/insmod x.ko'",
    "echo loading && insmod x.ko", "/usr/local/bin/false-alarm", "'/bin/false esp4'", "sh load",
    "true|modprobe x",
  ])
  func mayLoadSomething(command: String) {
    #expect(!InstallCommand.loadsNothing(command))
  }
}
