# The functions of build.ps1 that build for other machines than this. It dot-sources this; what stands here uses what
# stands there.

# The target, which the compiler has to know.
function Get-Target {
    Assert-Tool cargo 'to build the native library and the simulator (Rust 1.95 or later)'
    $native = Get-HostTarget
    if ($Target -and $Target -ne $native -and (Get-Command rustup -CommandType Application -ErrorAction Ignore)) {
        Invoke-Tool rustup 'target', 'add', $Target
    }
    if ($Target) { $Target } else { $native }
}

# Builds a part of a crate as it is shipped: it tells nothing of the machine it was built on, and needs nothing that the
# oldest system lacks. The flags differ from those of the build task, so it has a folder of its own in cargo's.
function Invoke-ShippedBuild([string] $Triple, [string[]] $Part, [string[]] $LinkFlags = @()) {
    $homes = $env:CARGO_HOME, [IO.Path]::Combine([Environment]::GetFolderPath('UserProfile'), '.cargo')
    $flags = @(
        '--remap-path-prefix', "$($homes.Where({ $_ }, 'First'))=cargo"
        '--remap-path-prefix', "$(& rustc --print sysroot)=rust"
        '--remap-path-prefix', "$Checkout=DattoRMM"
        if ($Triple -like '*-windows-msvc') { '-C', 'target-feature=+crt-static' }
    )
    if ($Triple -like '*-linux-gnu') {
        $glibc = [IO.Path]::Combine($NativeFolder, 'glibc')
        & ([IO.Path]::Combine($PSScriptRoot, 'glibc.ps1')) -Output $glibc
        # What other libraries of this machine ask of its glibc does not matter there.
        $LinkFlags += '-L', "native=$glibc", '-C', "link-arg=$([IO.Path]::Combine($glibc, 'stat.o'))",
            '-C', 'link-arg=-Wl,--allow-shlib-undefined'
    }
    $kept = $env:CARGO_ENCODED_RUSTFLAGS
    $env:CARGO_ENCODED_RUSTFLAGS = $flags -join [char] 0x1f
    try {
        Invoke-Tool cargo (@('rustc', '--locked', '--release', '--target', $Triple) + $Part + '--' + $LinkFlags)
    }
    finally {
        $env:CARGO_ENCODED_RUSTFLAGS = $kept
    }
}

function Build-Native {
    $triple = Get-Target
    # Else the library names the file that the linker writes, and those that it reads.
    $names = @(if ($triple -like '*-apple-darwin') {
            '-C', 'link-arg=-Wl,-install_name,@rpath/drmm_native.dylib,-S'
        })
    Invoke-ShippedBuild $triple ('-p', 'drmm-ffi', '--lib', '--crate-type', 'cdylib') $names
    $build = Get-NativeBuild $triple
    $shipped = [IO.Path]::Combine($NativeFolder, $build.File)
    Publish-File $build.ShippedLibrary $shipped
    "Built $shipped" | Out-Host
}

function Build-ShippedSimulator {
    $triple = Get-Target
    Invoke-ShippedBuild $triple (@('-p', 'drmm-sim', '--bin', 'drmm-sim') + $QuickRelease)
    $build = Get-NativeBuild $triple
    $shipped = [IO.Path]::Combine($SimulatorFolder, $build.Rid, [IO.Path]::GetFileName($build.ShippedSimulator))
    Publish-File $build.ShippedSimulator $shipped
    "Built $shipped" | Out-Host
}
