// swift-tools-version: 6.2
import PackageDescription

// A warning fails our builds, not those of somebody with a newer compiler.
let isStrict = Context.environment["CI"] != nil

// Has no main function but libFuzzer's: Tests/Fuzz/run builds it.
let isFuzzing = Context.environment["XFRMCTL_FUZZING"] != nil

// Makes the manual pages: Extras/man/make builds it.
let isManual = Context.environment["XFRMCTL_MAN"] != nil

// Nobody needs them but Benchmarks/run and Benchmarks/libipsec, which build them.
let isBenchmarking = Context.environment["XFRMCTL_BENCHMARKS"] != nil

// A folder with libstdc++.a and nothing else, for a program that needs less of its host:
// Extras/build-release.
let staticLibraries = Context.environment["XFRMCTL_STATIC_LIBRARIES"]

// ":libyaml.a" for the same reason.
let yamlLibrary = Context.environment["XFRMCTL_YAML_LIBRARY"] ?? "yaml"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .enableExperimentalFeature("Lifetimes"),
  ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

let cSettings: [CSetting] =
  [.enableWarning("all"), .enableWarning("extra")]
  + (isStrict ? [.treatAllWarnings(as: .error)] : [])

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "xfrmctl",
  products: [
    .library(name: "XFRMKit", targets: ["XFRMKit"]),
    .library(name: "XFRMLab", targets: ["XFRMLab"]),
    .executable(name: "xfrmctl", targets: ["xfrmctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .target(name: "CGuard", cSettings: cSettings),
    .target(
      name: "CNetlink", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("mnl")]),
    .target(name: "Netlink", dependencies: ["CNetlink"], swiftSettings: settings),
    .target(name: "XFRMKit", dependencies: ["CNetlink", "Netlink"], swiftSettings: settings),
    .target(
      name: "IPRoute2", dependencies: ["Netlink", "XFRMKit"], swiftSettings: settings),
    .target(
      name: "XFRMDiagnosis", dependencies: ["Netlink", "XFRMKit"], swiftSettings: settings),
    // Without pkg-config, whose flags would come before those of an archive.
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .target(
      name: "StructuredText", dependencies: ["CYAML", "Netlink", "XFRMKit"],
      swiftSettings: settings, linkerSettings: [.linkedLibrary(yamlLibrary)]),
    .target(
      name: "XFRMLab", dependencies: ["CNetlink", "Netlink", "StructuredText", "XFRMKit"],
      swiftSettings: settings),
    .target(
      name: "HostReadiness",
      dependencies: ["CNetlink", "Netlink", "XFRMKit", "XFRMLab", subprocess],
      swiftSettings: settings),
    .target(
      name: "XFRMConfig", dependencies: ["Netlink", "StructuredText", "XFRMKit"],
      swiftSettings: settings),
    .executableTarget(
      name: "xfrmctl",
      dependencies: [
        "CGuard", "HostReadiness", "IPRoute2", "XFRMConfig", "XFRMDiagnosis", "XFRMKit", "XFRMLab",
        argumentParser,
      ], swiftSettings: settings,
      linkerSettings: staticLibraries.map {
        [.unsafeFlags(["-L", $0, "-Xclang-linker", "-static-libgcc"])]
      } ?? []),

    .target(
      name: "CInterposition", path: "Tests/CInterposition", cSettings: cSettings),
    .target(
      name: "TestSupport", dependencies: ["CInterposition", "XFRMKit", subprocess],
      path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "NetlinkTests", dependencies: ["CNetlink", "Netlink", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "XFRMKitTests", dependencies: ["CNetlink", "Netlink", "TestSupport", "XFRMKit"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "IPRoute2Tests", dependencies: ["IPRoute2", "Netlink", "TestSupport", "XFRMKit"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "XFRMConfigTests",
      dependencies: ["StructuredText", "TestSupport", "XFRMConfig", "XFRMKit"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "XFRMDiagnosisTests", dependencies: ["TestSupport", "XFRMDiagnosis"],
      swiftSettings: settings),
    .testTarget(
      name: "XFRMLabTests",
      dependencies: ["KernelReport", "StructuredText", "TestSupport", "XFRMKit", "XFRMLab"],
      swiftSettings: settings),
    .testTarget(
      name: "HostReadinessTests",
      dependencies: ["HostReadiness", "TestSupport", "XFRMKit", "XFRMLab", "xfrmctl"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "xfrmctlTests",
      dependencies: [
        "HostReadiness", "IPRoute2", "Netlink", "TestSupport", "XFRMConfig", "XFRMDiagnosis",
        "XFRMKit", "XFRMLab", "xfrmctl", argumentParser, subprocess,
      ], swiftSettings: settings),
    // Makes the table of what the kernel tests' matrix found.
    .executableTarget(
      name: "KernelReport", path: "IntegrationTests/KernelReport", swiftSettings: settings),
    .testTarget(
      name: "KernelTests",
      dependencies: [
        "HostReadiness", "KernelReport", "TestSupport", "XFRMConfig", "XFRMDiagnosis", "XFRMKit",
        "XFRMLab", "xfrmctl", subprocess,
      ], path: "IntegrationTests/KernelTests", exclude: ["Fixtures"], swiftSettings: settings),
  ]
)

// Built with the tests, so that they cannot fall behind the library. They are no products: whoever
// depends on this package does not build them.
package.targets += ["bulk", "follow-events", "keys", "two-namespaces", "validation"].map { name in
  .executableTarget(
    name: name, dependencies: ["XFRMKit", "XFRMLab"], path: "Examples/\(name)",
    swiftSettings: settings)
}

// A package of its own, too, as somebody else's would be.
package.targets.append(
  .executableTarget(
    name: "lab-scenario", dependencies: ["XFRMKit", "XFRMLab"],
    path: "Examples/lab-scenario/Sources",
    swiftSettings: settings))

if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "Fuzz", dependencies: ["IPRoute2", "Netlink", "XFRMConfig", "XFRMKit"],
      path: "Tests/Fuzz",
      exclude: ["configurations.dict", "exchange", "keywords.dict", "run", "seeds.txt"],
      swiftSettings: settings
    ))
}

if isManual {
  package.targets.append(
    .executableTarget(
      name: "xfrmctl-man", path: "Extras/man/Generator", swiftSettings: settings))
}

if isBenchmarking {
  package.targets += [
    .executableTarget(
      name: "xfrm-bench", dependencies: ["XFRMKit"], path: "Benchmarks/xfrm-bench",
      swiftSettings: settings),
    .executableTarget(
      name: "libipsec-bench", dependencies: ["Netlink", "XFRMKit", "XFRMLab"],
      path: "Benchmarks/libipsec-bench", swiftSettings: settings),
  ]
}
