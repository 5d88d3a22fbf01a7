# The template of an application component, in a process of its own.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    $device = @(Get-DrmmDevice | Where-Object hostname)[0]

    function New-Application {
        $new = New-Component $sim $device 'Component-Application.ps1'
        $new.Variables.UdfNumber = '7'
        $new
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'The application component' {
    BeforeAll {
        $component = New-Application
    }

    BeforeEach {
        Connect-DrmmApi @login
        Clear-Received $sim
    }

    It 'imports the attached module, sets the field of its own device and ends with 0' {
        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $component.Variables

        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
        $run.Output | Should -Be "Field 7 of $($device.hostname) is set."
        (Get-DrmmDevice $device.uid).udf.udf7 | Should -BeLike 'PowerShell * *-bit'
        @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*').Count | Should -Be 1
    }

    It 'uses what it has expanded before' {
        $expanded = @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*')[0]
        $manifest = @(Get-ChildItem $expanded.FullName -Filter DattoRMM.psd1 -Recurse)[0]
        $written = $manifest.LastWriteTimeUtc = [datetime]::new(2001, 2, 3, 0, 0, 0, [DateTimeKind]::Utc)
        # Older than what ended runs have left is when it is removed.
        $expanded.LastWriteTimeUtc = [datetime]::UtcNow.AddHours(-2)

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $component.Variables

        $run.ExitCode | Should -Be 0
        $manifest.Refresh()
        $manifest.LastWriteTimeUtc | Should -Be $written
        @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*').Count | Should -Be 1
    }

    It 'imports nothing from a folder that differs from the zip: <Change>' -ForEach @(
        @{ Change = 'a changed file'; Do = { Add-Content (Join-Path $module.FullName 'DattoRMM.psd1') '# x' } }
        @{ Change = 'a file more'; Do = { Set-Content (Join-Path $module.FullName 'version.dll') 'x' } }
        @{ Change = 'another file'; Do = {
                Rename-Item (Join-Path $module.FullName 'DattoRMM.Types.ps1xml') 'x.ps1xml' } }
    ) {
        $other = New-Application
        (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables).ExitCode | Should -Be 0
        $expanded = @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*')[0]
        $module = @(Get-ChildItem $expanded.FullName -Filter DattoRMM.psd1 -Recurse)[0].Directory
        & $Do
        Clear-Received $sim

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '*is not what the zip holds. Nothing was imported.*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'expands no library of another platform, and removes what ended runs have left' {
        $other = New-Application
        [void] (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables)
        $expanded = @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*')[0]
        $old, $new = 'old', 'new' | ForEach-Object { New-Item -ItemType Directory "$($expanded.FullName).$_" }
        Set-Content (Join-Path $old.FullName 'part.txt') 'x'
        $old.LastWriteTimeUtc = [datetime]::UtcNow.AddHours(-2)

        [void] (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables)

        $old.FullName | Should -Not -Exist
        $new.FullName | Should -Exist
        $libraries = @(Get-ChildItem $expanded.FullName -File -Recurse | Where-Object Name -Like 'drmm_native*')
        $libraries.Directory.Name | Should -Be ($expanded.Name -replace '^DattoRMM\.[0-9A-F]+\.', '')
    }

    It 'imports nothing of another hash' {
        $other = New-Application
        $other.Variables.ModuleSha256 = '0' * 64

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '*has the SHA-256*Nothing was imported.'
        @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*') | Should -BeNullOrEmpty
    }

    It 'tells what is missing' {
        $other = New-Application
        Remove-Item $other.Zip

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '0 files DattoRMM*.zip are in *'
    }

    It 'fails with 1 where the key is refused, and tells no secret' {
        $wrong = $component.Variables.Clone()
        $wrong.DRMM_API_SECRET = 'canary-9f31'

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $wrong

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -Not -BeNullOrEmpty
        "$($run.Errors) $($run.Output)" | Should -Not -Match 'canary-9f31'
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
    }

    It 'sets nothing where its name is not that of one device of the site' {
        $lost = $component.Variables.Clone()
        $lost.CS_PROFILE_UID = [guid]::NewGuid().ToString()

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $lost

        $run.ExitCode | Should -Be 1
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
    }

    It 'names the variable that is wrong: UdfNumber is <Value>' -ForEach @(
        @{ Value = '' }, @{ Value = '0' }, @{ Value = '301' }, @{ Value = 'udf7' }
    ) {
        $wrong = $component.Variables.Clone()
        $wrong.UdfNumber = $Value

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $wrong

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '*UdfNumber*1 to 300*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'knows its own name where the environment has none, in whichever case' {
        $list = [ordered]@{
            pageDetails = @{ count = 1; totalCount = 1 }
            devices = @(@{
                    uid = $device.uid
                    hostname = [Environment]::MachineName.ToUpperInvariant()
                    siteUid = $device.siteUid
                })
        }
        $rule = @{
            match = 'GET /v2/account/devices'
            fault = @{ answer = ($list | ConvertTo-Json -Depth 5); contentType = 'application/json' }
        }
        # Without a value it is not set.
        $nameless = $component.Variables.Clone()
        $nameless.COMPUTERNAME = ''
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 5)
        try {
            $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $nameless
        }
        finally {
            Set-Fault $sim ''
        }

        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
        @(Get-Received $sim | Where-Object method -NE GET).path | Should -Be "/api/v2/device/$($device.uid)/udf"
    }
}

Describe 'The import of the attached module' {
    BeforeAll {
        . ([scriptblock]::Create((Get-ScriptFunction 'Component-Application.ps1' 'Import-AttachedModule').Extent.Text))
    }

    It 'asks for .NET Framework 4.7.2 where it is missing, before it looks at anything' {
        # As on a bare Windows Server 2016.
        function Get-ItemProperty { [pscustomobject]@{ Release = 394802 } }

        { Import-AttachedModule -Folder $TestDrive -Edition Desktop } | Should -Throw '*.NET Framework 4.7.2 or later*'
    }

    It 'goes on where that is installed' {
        function Get-ItemProperty { [pscustomobject]@{ Release = 461808 } }

        { Import-AttachedModule -Folder $TestDrive -Edition Desktop } | Should -Throw '0 files DattoRMM*'
    }
}

Describe 'The expansion of the attached module' {
    BeforeAll {
        . ([scriptblock]::Create((Get-ScriptFunction 'Component-Application.ps1' 'Import-AttachedModule').Extent.Text))
        $ErrorActionPreference = 'Stop'
        $imported = [Collections.ArrayList]::new()
        function Import-Module { [void] $imported.Add("$args") }
    }

    BeforeEach {
        $component = New-Application
        $import = @{ Sha256 = $component.Variables.ModuleSha256; Folder = $component.Folder }
        $imported.Clear()
    }

    It 'takes what another run has expanded meanwhile, although its own cannot be removed' {
        Import-AttachedModule @import
        $looks = [Collections.ArrayList]::new()
        # The other run was first after this one had looked, and a virus scanner reads what this one has expanded.
        function Test-Path { $looks.Add('') -gt 0 -and (Microsoft.PowerShell.Management\Test-Path @args) }
        function Remove-Item {
            [CmdletBinding()]
            param([Parameter(ValueFromPipeline)] [string] $LiteralPath, [switch] $Recurse, [switch] $Force)
            process { if ($LiteralPath) { Write-Error "$LiteralPath is in use." } }
        }
        function Start-Sleep { throw 'There is nothing to wait for.' }

        Import-AttachedModule @import

        $imported.Count | Should -Be 2
        $imported[1] | Should -Be $imported[0]
        @(Get-ChildItem $component.Folder -Directory).Count | Should -Be 2
    }

    It 'tries again where it cannot be moved yet, and gives up at the tenth time: <Naps>' -ForEach @(
        @{ Naps = 1; Fails = $false }, @{ Naps = 9; Fails = $true }
    ) {
        $race = @{ Naps = 0; File = '' }
        # A file that stands where the folder is to be makes the move fail, as a virus scanner does.
        function Test-Path([string] $LiteralPath) {
            if (-not $race.File) {
                $race.File = $LiteralPath
                Set-Content -LiteralPath $LiteralPath 'x'
            }
            $false
        }
        function Start-Sleep {
            $race.Naps++
            if (-not $Fails) {
                Remove-Item -LiteralPath $race.File
            }
        }

        { Import-AttachedModule @import } | Should -Throw -Not:(-not $Fails)

        $race.Naps | Should -Be $Naps
        $imported.Count | Should -Be ([int] (-not $Fails))
        @(Get-ChildItem $component.Folder -Directory).Count | Should -Be ([int] (-not $Fails))
    }
}
