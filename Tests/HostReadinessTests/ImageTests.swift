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

  @Test func nothingIsAsked() {
    var options = Sample.host(["/proc/": nil]).options
    options.kernelRelease = Sample.release
    var asked: [String] = []
    let report = check(options: options) { asked.append($0.what) }
    #expect(report.verdict == .unknown)
    #expect(asked == ["reading files"])
  }
}
