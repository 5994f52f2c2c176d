import Testing

@testable import HostReadiness

/// Root file systems of others: `--root`.
@Suite struct ImageTests {
  private func image(_ releases: [String], _ more: [String: String] = [:]) throws -> HostFacts {
    var files = ["/etc/hostname": "web1\n", "/lib64/ld-linux-x86-64.so.2": ""]
    for release in releases { files["/lib/modules/\(release)/"] = "" }
    files.merge(more) { $1 }
    return try HostFacts(SyntheticRoot(files).tree, release: nil)
  }

  @Test func theOnlyKernelIsTheOne() throws {
    let host = try image(["6.1.0-18-amd64"])
    #expect(host.kernelRelease == "6.1.0-18-amd64")
    #expect(host.kernelChoice == nil)
    #expect(host.hostname == "web1")
    #expect(host.architecture == "x86_64")
  }

  @Test func ofSeveralTheNewest() throws {
    let host = try image(["6.1.0-9-amd64", "6.1.0-18-amd64", "5.10.0-30-amd64"])
    #expect(host.kernelRelease == "6.1.0-18-amd64")
    #expect(host.kernelChoice == "the newest of 3")
  }

  @Test(arguments: ["/boot/vmlinuz-6.1.0-9-amd64", "/boot/config-6.1.0-9-amd64"])
  func ofSeveralTheNewestThatIsWhole(file: String) throws {
    let host = try image(["6.1.0-9-amd64", "6.1.0-18-amd64"], [file: ""])
    #expect(host.kernelRelease == "6.1.0-9-amd64")
    #expect(host.kernelChoice == "the newest of 2 with more than headers")
  }

  @Test(arguments: ["/lib/modules/6.1.0-9-amd64/modules.dep", "/boot/vmlinuz-6.1.0-9-amd64"])
  func headersAreNoKernel(file: String) throws {
    let host = try image(
      ["6.1.0-9-amd64", "6.1.0-18-amd64"],
      [file: "", "/usr/src/linux-headers-6.1.0-18-amd64/.config": "CONFIG_INET_ESP=m\n"])
    #expect(host.kernelRelease == "6.1.0-9-amd64")
  }

  @Test func noneIsSaid() throws {
    let host = try image([])
    #expect(host.kernelRelease == "unknown")
    #expect(host.kernelChoice == "no kernel found")
  }

  @Test func whatIsAskedForIs() throws {
    let root = SyntheticRoot(["/lib/modules/6.1.1/": "", "/lib/modules/6.1.2/": ""])
    let host = try HostFacts(root.tree, release: "6.1.1")
    #expect(host.kernelRelease == "6.1.1")
    #expect(host.kernelChoice == nil)
    // This machine's own name and processor would be false.
    #expect(host.hostname == "image" && host.architecture == "unknown")
  }

  @Test(arguments: [
    ("/usr/lib/ld-linux-aarch64.so.1", "aarch64"), ("/lib/ld-musl-riscv64.so.1", "riscv64"),
    ("/lib/ld-linux.so.2", "i686"),
  ])
  func processors(file: String, name: String) throws {
    let root = SyntheticRoot([file: "", "/lib/ld.so": ""])
    #expect(try Architecture.find(in: root.tree) == name)
  }

  @Test func a64BitSystemMayHaveA32BitLoader() throws {
    let root = SyntheticRoot(["/lib/ld-linux.so.2": "", "/usr/lib64/ld-linux-x86-64.so.2": ""])
    #expect(try Architecture.find(in: root.tree) == "x86_64")
  }

  @Test func whatCameOutOfAContainerHasModulesOfItsOwn() {
    let root = SyntheticRoot([
      "/lib/modules/6.1.1/modules.dep": "kernel/net/ipv4/ah4.ko:\n", "/boot/vmlinuz-6.1.1": "",
      "/lib/modules/6.1.1/modules.builtin": "", "/.dockerenv": "",
    ])
    let report = check(options: root.options)
    #expect(report.verdict == .notReady)
    #expect(report["mod.esp4"]?.severity == .required)
  }

  // MARK: What an image's builder has mounted

  private let captured = [
    "/lib/modules/6.1.1/": "", "/proc/version": "Linux version 6.6.6",
    "/proc/sys/kernel/osrelease": "6.6.6\n", "/proc/config": "CONFIG_INET_ESP=y\n",
    "/proc/modules": "esp4 1 0\n", "/sys/module/esp6/initstate": "live\n",
    "/boot/config-6.1.1": "CONFIG_INET_ESP=m\n",
  ]

  @Test func theRunningKernelSaysNothingAboutAnImage() throws {
    let root = SyntheticRoot(captured)
    root.link("/etc/mtab", to: "../proc/modules")
    let numbers = ["\(root.path)/proc": 0x9fa0, "\(root.path)/sys": 0x6265_6572]
    let tree = FileTree(root: root.path) { numbers[$0, default: -1] }
    for path in ["/proc", "/proc/version", "/etc/mtab", "/sys/module/esp6"] {
      #expect(!tree.exists(path), "\(path)")
      #expect(root.tree.exists(path), "\(path)")
    }
    #expect(try tree.text("/proc/modules") == nil)
    #expect(try tree.names(in: "/proc") == nil)
    #expect(try tree.link("/proc/self/ns/pid") == nil)
    #expect(tree.exists("/boot/config-6.1.1"))
    for (tree, release) in [(tree, "6.1.1"), (root.tree, "6.6.6")] {
      #expect(try HostFacts(tree, release: nil).kernelRelease == release)
    }
    for (tree, state) in [(tree, "unknown"), (root.tree, "loaded")] {
      var failures: [FileError] = []
      let modules = ModuleInventory(tree, release: "6.1.1", failures: &failures)
      #expect(failures.isEmpty)
      #expect(modules.condition(of: .esp4).state.name == state)
    }
  }

  @Test func fileSystemsAreKnownByTheirNumbers() {
    #expect(FileTree.fileSystem(of: "/proc") == 0x9fa0)
    #expect(FileTree.fileSystem(of: "/proc/nothing") < 0)
    // The files of one that runs are for what it is.
    #expect(FileTree(root: "/").exists("/proc/version"))
  }

  @Test func nothingIsAsked() {
    var options = Sample.host(["/proc/": nil]).options
    options.kernelRelease = Sample.release
    var asked: [String] = []
    let report = check(options: options) { asked.append($0.what) }
    #expect(report.verdict == .unknown)
    #expect(asked == ["reading files"])
  }
}
