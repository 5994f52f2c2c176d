extension CheckDefinition {
  /// Every check, group by group, each behind those that it depends on.
  static let all: [CheckDefinition] =
    [privilege, netlink] + ESPVariant.all.map(esp) + KernelModule.all.map(module)
}
