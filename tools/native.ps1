# The function of build.ps1 that builds the shipped library; it dot-sources this, and what stands here uses what stands
# there.

# Builds the library as it is shipped: it tells nothing of the machine it was built on, and on Windows it needs nothing
# that is not there. Its flags differ from those of the build task, so it has a folder of its own in cargo's.
function Build-Native {
    Assert-Tool cargo 'to build the native library (Rust 1.95 or later)'
    $triple = if ($Target) { $Target } else { Get-HostTarget }
    $build = Get-NativeBuild $triple ([IO.Path]::Combine($triple, 'release'))
    $homes = $env:CARGO_HOME, [IO.Path]::Combine([Environment]::GetFolderPath('UserProfile'), '.cargo')
    $flags = @(
        '--remap-path-prefix', "$($homes.Where({ $_ }, 'First'))=cargo"
        '--remap-path-prefix', "$(& rustc --print sysroot)=rust"
        '--remap-path-prefix', "$PSScriptRoot=DattoRMM"
        switch -Wildcard ($triple) {
            '*-windows-msvc' { '-C', 'target-feature=+crt-static' }
            # Else it is the path of the file that the linker writes.
            '*-apple-darwin' { '-C', 'link-arg=-Wl,-install_name,@rpath/drmm_native.dylib' }
        }
    )
    $kept = $env:CARGO_ENCODED_RUSTFLAGS
    $env:CARGO_ENCODED_RUSTFLAGS = $flags -join [char] 0x1f
    try {
        Invoke-Tool cargo 'rustc', '--locked', '-p', 'drmm-ffi', '--lib', '--crate-type', 'cdylib', '--release',
            '--target', $triple
    }
    finally {
        $env:CARGO_ENCODED_RUSTFLAGS = $kept
    }
    Publish-File $build.Library ([IO.Path]::Combine($NativeFolder, $build.Shipped))
    "Built $([IO.Path]::Combine($NativeFolder, $build.Shipped))" | Out-Host
}
