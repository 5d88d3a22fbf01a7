# A day's work from end to end: connect, list, pipe, write, resolve, run a component; each step is looked up afterwards,
# and in what the simulator received.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 600 --sites 5 --job-ms 0 --limit 5000'
    $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0]
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'A connection' {
    AfterEach {
        Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret
    }

    It 'is made with a credential, and is closed' {
        $secret = ConvertTo-SecureString $sim.secret -AsPlainText -Force
        $credential = [Management.Automation.PSCredential]::new($sim.key, $secret)

        Connect-DrmmApi -Url $sim.url -Credential $credential
        (Get-DrmmAccount).name | Should -Not -BeNullOrEmpty
        Disconnect-DrmmApi

        { Get-DrmmAccount } | Should -Throw -ErrorId 'DrmmNotConnected,*'
    }

    It 'is made from the environment of a component, in a process of its own' {
        $run = Invoke-Shell -Variables (Get-Environment $sim) -Script @'
Import-Module $env:DRMM_TEST_MODULE
Connect-DrmmApi -Url $env:DRMM_TEST_URL
(Get-DrmmAccount).uid
'@

        "$($run.Errors)|$($run.Output)" | Should -Be "|$((Get-DrmmAccount).uid)"
    }

    It 'can be kept and handed over' {
        $connection = Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret -PassThru
        Disconnect-DrmmApi
        $again = Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret -PassThru

        { Get-DrmmAccount -Connection $connection } | Should -Throw
        (Get-DrmmAccount -Connection $again).name | Should -Not -BeNullOrEmpty
        Disconnect-DrmmApi -Connection $again
    }
}

Describe 'Lists' {
    It 'has every item of all pages, once and in order' {
        $all = @(Get-DrmmDevice)

        $pages = foreach ($page in 0..2) { (Get-Parsed $sim "v2/account/devices?max=250&page=$page").devices }
        $all.Count | Should -Be 600
        $all.uid | Should -Be $pages.uid
        @($all.uid | Sort-Object -Unique).Count | Should -Be 600
    }

    It 'follows the pipe from a site to its devices to their alerts' {
        $site = @(Get-DrmmSite | Where-Object { $_.name -ne 'Deleted Devices' })[0]

        $devices = @($site | Get-DrmmDevice)
        $alerts = @($devices | Get-DrmmAlert)

        $devices.siteUid | Sort-Object -Unique | Should -Be $site.uid
        $expected = @((Get-Parsed $sim "v2/site/$($site.uid)/alerts/open?max=250").alerts.alertUid | Sort-Object)
        @($alerts.alertUid | Sort-Object) | Should -Be $expected
    }
}

Describe 'Writes' {
    BeforeEach {
        Clear-Received $sim
    }

    It 'shows what would be sent, and sends nothing' {
        $device | Set-DrmmDeviceUdf -Udf @{ 4 = 'never' } -WhatIf
        Get-DrmmAlert | Select-Object -First 2 | Resolve-DrmmAlert -WhatIf

        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
    }

    It 'makes a site, changes it, moves a device there and finds it' {
        $site = New-DrmmSite -SiteName new -SiteDescription 'new'
        $uid = $site.uid
        # An umlaut that the encoding of this file has no say in.
        $name = "K$([char] 0xF6)ln $([char] 0x2013) 1"
        Set-DrmmSite -SiteUid $uid -SiteName $name

        (Get-Parsed $sim "v2/site/$uid").name | Should -Be $name
        (Get-Parsed $sim "v2/site/$uid").description | Should -Be 'new'
        $device | Move-DrmmDevice -SiteUid $uid
        @(Get-DrmmDevice -SiteUid $uid).uid | Should -Be $device.uid
        @(Get-DrmmSite -Name $name).uid | Should -Be $uid
    }

    It 'sets user-defined fields, and clears one' {
        $device | Set-DrmmDeviceUdf -Udf @{ 4 = 'four'; 5 = 'five' }
        $device | Set-DrmmDeviceUdf -Udf @{ 5 = '' }

        $now = Get-Parsed $sim "v2/device/$($device.uid)"
        $now.udf.udf4 | Should -Be 'four'
        $now.udf.udf5 | Should -BeNullOrEmpty
    }

    It 'makes, changes and removes a variable' {
        New-DrmmVariable -Name level -Value 5
        $variable = Get-DrmmVariable -Name level
        $variable | Set-DrmmVariable -Value 6
        (Get-DrmmVariable -Name level).value | Should -Be '6'

        Get-DrmmVariable -Name level | Remove-DrmmVariable -Confirm:$false

        @((Get-Parsed $sim 'v2/account/variables?max=250').variables.name) | Should -Not -Contain 'level'
    }

    It 'resolves alerts, which are then no longer open' {
        $alerts = @(Get-DrmmAlert | Select-Object -First 3)

        $alerts | Resolve-DrmmAlert

        $open = (Get-Parsed $sim 'v2/account/alerts/open?max=250').alerts.alertUid
        foreach ($alert in $alerts) {
            $open | Should -Not -Contain $alert.alertUid
        }
        @(Get-Received $sim | Where-Object method -eq POST).Count | Should -Be 3
    }
}

Describe 'A component' {
    It 'runs on a device, is waited for, and gives what it wrote' {
        $component = @(Get-DrmmComponent | Where-Object { $_.name -notmatch 'fail' })[0]

        $result = Start-DrmmQuickJob -Component $component.name -DeviceUid $device.uid -Wait

        $result.deviceUid | Should -Be $device.uid
        $result.stdOut | Should -Not -BeNullOrEmpty
        $status = Get-Parsed $sim "v2/job/$($result.jobUid)"
        $status.status | Should -Be 'completed'
        Get-DrmmJobOutput -JobUid $result.jobUid -DeviceUid $device.uid | Should -Not -BeNullOrEmpty
    }
}
