/// A module's name in the kernel's spelling: files and commands may use `-` for `_`.
func moduleName(_ name: some StringProtocol) -> String {
  String(name.map { $0 == "-" ? "_" : $0 })
}

/// The module that a file holds: `sha256_generic` for `kernel/crypto/sha256-generic.ko.xz`; `nil`
/// for a file that is no module.
func moduleName(ofFile path: some StringProtocol) -> String? {
  let file = path.split(separator: "/").last ?? ""
  for suffix in [".ko", ".ko.gz", ".ko.xz", ".ko.zst"] where file.hasSuffix(suffix) {
    return moduleName(file.dropLast(suffix.count))
  }
  return nil
}
