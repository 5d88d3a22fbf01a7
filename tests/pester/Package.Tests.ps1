# What the documents say of installing: the module in a module path, beside an older one of its name, and the way
# back; and that Install-PSResource takes the package, where that command and the package are.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $package = Get-PackageFolder
    $canInstall = $package -and (Get-Command Save-PSResource -ErrorAction Ignore)
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $package = Get-PackageFolder
    $version = [string] (Test-ModuleManifest (Get-ModulePath)).Version
    $modules = Join-Path $TestDrive 'Modules'
    $ours = Join-Path $modules "DattoRMM/$version"

    [void] (New-Item -ItemType Directory (Split-Path $ours) -Force)
    Copy-Item (Split-Path (Get-ModulePath)) $ours -Recurse

    # As the gallery's: the same name and GUID, script functions, a version of four parts.
    $old = Join-Path $modules 'DattoRMM/1.0.0.34'
    [void] (New-Item -ItemType Directory $old)
    Set-Content (Join-Path $old 'DattoRMM.psm1') "function Get-DrmmAccount { 'the old one' }"
    New-ModuleManifest (Join-Path $old 'DattoRMM.psd1') -RootModule DattoRMM.psm1 -ModuleVersion 1.0.0.34 `
        -Guid 8437f0d7-b5e3-46ec-b671-10e1e51b3d6f -FunctionsToExport Get-DrmmAccount

    # Runs a script in a process of its own, with that module path. It has no double quotes, which Windows PowerShell
    # loses on the way.
    function Invoke-Fresh([string] $Script) {
        $shell = (Get-Process -Id $PID).Path
        $first = $modules + [IO.Path]::PathSeparator
        & $shell -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command "`$env:PSModulePath = '$first' + `$env:PSModulePath; $Script"
    }
}

Describe 'Beside the module of the gallery' {
    It 'is the one that is loaded' {
        $said = Invoke-Fresh 'Import-Module DattoRMM; [string] (Get-Module DattoRMM).Version'

        $said | Should -Be $version
    }

    It 'is the one whose commands are found' {
        $said = Invoke-Fresh '(Get-Command Get-DrmmAccount).CommandType; [string] (Get-Command Get-DrmmAccount).Version'

        $said | Should -Be 'Cmdlet', $version
    }

    It 'leaves the old one to those who ask for it' {
        $said = Invoke-Fresh 'Import-Module DattoRMM -MaximumVersion 1.99; Get-DrmmAccount'

        $said | Should -Be 'the old one'
    }

    It 'is insisted on with a minimum' {
        $said = Invoke-Fresh 'Import-Module DattoRMM -MinimumVersion 2.0; [string] (Get-Module DattoRMM).Version'

        $said | Should -Be $version
    }

    It 'is gone with its folder' {
        $kept = Join-Path $TestDrive 'kept'
        Move-Item $ours $kept
        try {
            $said = Invoke-Fresh 'Get-DrmmAccount'
        }
        finally {
            Move-Item $kept $ours
        }

        $said | Should -Be 'the old one'
    }
}

Describe 'The files of a release' -Skip:(-not $package) {
    It 'has a zip that is unzipped into a module path' {
        $path = Join-Path $TestDrive 'Unzipped'
        Expand-Archive (Join-Path $package "DattoRMM-$version.zip") $path

        $files = Get-ChildItem $path -Recurse -File | ForEach-Object { $_.FullName.Substring($path.Length) }
        $files.Count | Should -Be @(Get-ChildItem (Split-Path (Get-ModulePath)) -Recurse -File).Count
        (Test-ModuleManifest (Join-Path $path "DattoRMM/$version/DattoRMM.psd1")).ExportedCmdlets.Count |
            Should -BeGreaterThan 60
    }

    It 'has sums that Get-FileHash shows' {
        foreach ($line in Get-Content (Join-Path $package SHA256SUMS)) {
            $sum, $name = $line -split '  '
            (Get-FileHash (Join-Path $package $name)).Hash | Should -Be $sum
        }
    }

    It 'has a nupkg that PSResourceGet takes from a folder' -Skip:(-not $canInstall) {
        $repository = "DattoRMM-$([guid]::NewGuid())"
        $path = Join-Path $TestDrive 'Saved'
        [void] (New-Item -ItemType Directory $path)
        Register-PSResourceRepository $repository -Uri $package -Trusted
        try {
            $found = Find-PSResource DattoRMM -Repository $repository
            Save-PSResource DattoRMM -Repository $repository -Path $path
        }
        finally {
            Unregister-PSResourceRepository $repository
        }

        [string] $found.Version | Should -Be $version
        $found.Tags | Should -Contain 'CentraStage'
        $found.Includes.Cmdlet | Should -Contain 'Get-DrmmDevice'
        $manifest = Join-Path $path "DattoRMM/$version/DattoRMM.psd1"
        (Test-ModuleManifest $manifest).ExportedCmdlets.Count | Should -BeGreaterThan 60
    }
}
